import { useEffect, useRef } from 'react'
import uPlot from 'uplot'
import 'uplot/dist/uPlot.min.css'
import './chart.css'

interface Threshold {
  readonly below?: number | undefined
  readonly above?: number | undefined
}

export interface ChartProps {
  /** Wall clock ms, ascending; as long as `values`. */
  readonly times: readonly number[]
  readonly values: readonly number[]
  readonly limits: { readonly warn: Threshold | null; readonly alarm: Threshold | null }
  /** Things that happened, drawn as vertical lines. */
  readonly marks: readonly { readonly at: number; readonly label: string }[]
  readonly time: (ms: number) => string
  readonly value: (value: number) => string
}

const HEIGHT_PX = 180

/** One number over time. Canvas: its words stand beside it for those who do not see it. */
export function Chart(props: ChartProps) {
  const box = useRef<HTMLDivElement>(null)
  const plot = useRef<uPlot>(undefined)
  const latest = useRef(props)
  useEffect(() => {
    latest.current = props
  })

  useEffect(() => {
    const element = box.current
    if (!element) return undefined
    const draw = () => {
      plot.current?.destroy()
      plot.current = new uPlot(options(element, latest), dataOf(latest.current), element)
    }
    draw()
    const resize = new ResizeObserver(() => plot.current?.setSize({ width: element.clientWidth, height: HEIGHT_PX }))
    resize.observe(element)
    // A canvas does not follow the palette by itself.
    const palette = new MutationObserver(draw)
    palette.observe(document.documentElement, { attributeFilter: ['data-obc-theme', 'data-size'] })
    return () => {
      resize.disconnect()
      palette.disconnect()
      plot.current?.destroy()
    }
  }, [])

  useEffect(() => {
    plot.current?.setData(dataOf(props))
  }, [props])

  return <div ref={box} className="chart" aria-hidden="true" />
}

function dataOf(props: ChartProps): uPlot.AlignedData {
  return [props.times.map((ms) => ms / 1000), [...props.values]]
}

function options(element: HTMLElement, latest: { readonly current: ChartProps }): uPlot.Options {
  const style = getComputedStyle(document.documentElement)
  const colour = (name: string) => style.getPropertyValue(name).trim()
  const font = `${0.8125 * Number.parseFloat(style.fontSize)}px "Noto Sans"`
  const axis = {
    stroke: colour('--element-neutral-color'),
    grid: { stroke: colour('--border-divider-color'), width: 1 },
    font,
  }
  return {
    width: element.clientWidth,
    height: HEIGHT_PX,
    legend: { show: false },
    cursor: { show: false },
    scales: { x: { time: true }, y: { range: (_, low, high) => rangeOf(latest.current, low, high) } },
    axes: [
      { ...axis, values: (_, ticks) => ticks.map((tick) => latest.current.time(tick * 1000)), space: 90 },
      { ...axis, values: (_, ticks) => ticks.map((tick) => latest.current.value(tick)), size: 76 },
    ],
    series: [{}, { stroke: colour('--element-neutral-enhanced-color'), width: 2, points: { show: false } }],
    hooks: {
      draw: [
        (chart) => {
          const { limits, marks } = latest.current
          drawLimit(chart, limits.warn, colour('--alert-warning-color'))
          drawLimit(chart, limits.alarm, colour('--alert-alarm-color'))
          for (const mark of marks) drawMark(chart, mark.at / 1000, colour('--element-neutral-color'))
        },
      ],
    },
  }
}

/** Room for the thresholds that are near, so that a line is seen coming; far ones do not flatten the curve. */
function rangeOf(props: ChartProps, low: number, high: number): [number, number] {
  const span = Math.max(high - low, Math.abs(high) * 0.02, 1)
  const near = [props.limits.warn, props.limits.alarm]
    .flatMap((limit) => [limit?.below, limit?.above])
    .filter((value) => value !== undefined)
    .filter((value) => value > low - span * 2 && value < high + span * 2)
  const bottom = Math.min(low, ...near)
  const top = Math.max(high, ...near)
  const pad = Math.max((top - bottom) * 0.1, 0.5)
  return [bottom - pad, top + pad]
}

function drawLimit(chart: uPlot, limit: Threshold | null, colour: string): void {
  for (const value of [limit?.below, limit?.above]) {
    if (value === undefined) continue
    const y = Math.round(chart.valToPos(value, 'y', true))
    line(chart, colour, [6, 4], () => {
      chart.ctx.moveTo(chart.bbox.left, y)
      chart.ctx.lineTo(chart.bbox.left + chart.bbox.width, y)
    })
  }
}

function drawMark(chart: uPlot, at: number, colour: string): void {
  const x = Math.round(chart.valToPos(at, 'x', true))
  line(chart, colour, [2, 3], () => {
    chart.ctx.moveTo(x, chart.bbox.top)
    chart.ctx.lineTo(x, chart.bbox.top + chart.bbox.height)
  })
}

function line(chart: uPlot, colour: string, dash: number[], path: () => void): void {
  const { ctx, bbox } = chart
  ctx.save()
  ctx.beginPath()
  ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height)
  ctx.clip()
  ctx.beginPath()
  ctx.strokeStyle = colour
  ctx.lineWidth = 2
  ctx.setLineDash(dash)
  path()
  ctx.stroke()
  ctx.restore()
}
