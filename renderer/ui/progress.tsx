import './progress.css'

/** How far something is. Without `share` it goes on and nobody knows how long. */
export function Progress(props: { readonly label: string; readonly share: number | null; readonly thick?: boolean }) {
  const percent = props.share === null ? null : Math.floor(Math.min(1, Math.max(0, props.share)) * 100)
  const value = percent === null ? {} : { 'aria-valuenow': percent }
  return (
    <div
      className={`progress ${props.thick ? 'thick' : ''} ${percent === null ? 'endless' : ''}`}
      role="progressbar"
      aria-label={props.label}
      aria-valuemin={0}
      aria-valuemax={100}
      {...value}
    >
      <div className="progress-bar" style={percent === null ? {} : { width: `${(props.share ?? 0) * 100}%` }} />
    </div>
  )
}
