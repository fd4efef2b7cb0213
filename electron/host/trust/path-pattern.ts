/**
 * TUF 4.5, "paths": shell-style patterns in which `*` is any run and `?` any one character, neither of them
 * a `/`. Nothing else is special: no brackets, braces, `!`, `**`, and a leading dot or `#` is a character.
 */
export function matchesPattern(path: string, pattern: string): boolean {
  const segments = path.split('/')
  const patterns = pattern.split('/')
  return segments.length === patterns.length && segments.every((text, i) => matchesSegment(text, patterns[i] ?? ''))
}

/** Greedy with one fall-back point, which suffices for `*`: no pattern makes it exponential. */
function matchesSegment(segment: string, pattern: string): boolean {
  const text = Array.from(segment)
  const marks = Array.from(pattern)
  let [t, p] = [0, 0]
  let [star, retry] = [-1, 0]
  while (t < text.length) {
    if (marks[p] === '*') {
      star = p
      retry = t
      p += 1
    } else if (p < marks.length && (marks[p] === '?' || marks[p] === text[t])) {
      t += 1
      p += 1
    } else if (star >= 0) {
      retry += 1
      t = retry
      p = star + 1
    } else return false
  }
  while (marks[p] === '*') p += 1
  return p === marks.length
}
