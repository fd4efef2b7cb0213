import './fingerprint.css'

/** A SHA-256 in groups of four, as people compare it over the phone: whole, never shortened. */
export function Fingerprint(props: { readonly hex: string; readonly label: string }) {
  const groups = props.hex.match(/.{1,4}/g) ?? []
  return (
    <p className="fingerprint mono" aria-label={`${props.label}: ${groups.join(' ')}`} role="img">
      {groups.map((group, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the same group may stand twice
        <span key={index}>{group}</span>
      ))}
    </p>
  )
}
