import './sparkline.css'

const WIDTH = 120
const HEIGHT = 28

/** The last values of a number, without axes: which way it goes, not how much. */
export function Sparkline(props: { readonly values: readonly number[] }) {
  const { values } = props
  if (values.length < 2) return <span className="sparkline" />
  const low = Math.min(...values)
  const span = Math.max(...values) - low || 1
  const points = values.map((value, index) => {
    const x = (index / (values.length - 1)) * (WIDTH - 4) + 2
    const y = HEIGHT - 3 - ((value - low) / span) * (HEIGHT - 6)
    return `${x.toFixed(1)},${y.toFixed(1)}`
  })
  const end = points.at(-1)?.split(',') ?? ['0', '0']
  return (
    <svg className="sparkline" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} aria-hidden="true">
      <polyline points={points.join(' ')} />
      <circle cx={end[0]} cy={end[1]} r="2.5" />
    </svg>
  )
}
