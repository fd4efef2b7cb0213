/**
 * The Content-Security-Policy that the page is built for, wherever it is served from. Styles are files
 * and constructed sheets, so not even inline styles are allowed.
 * @param connect where the page may open sockets to: `ws://127.0.0.1:PORT`, or `'none'` beside a port
 */
export function pagePolicy(connect: string): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "font-src 'self'",
    "img-src 'self' data:",
    `connect-src ${connect}`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ')
}
