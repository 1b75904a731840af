/** Attributes of a link whose page opens in the dialog; without JavaScript the link leads to that page. */
export function opensDialog(path: string, role: 'button' | 'option' = 'button'): string {
  const address = path.replaceAll('&', '&amp;').replaceAll('"', '&quot;')
  const load = `hx-get="${address}" hx-target="#dialog-body" hx-swap="innerHTML" hx-sync="#dialog:replace"`
  return `href="${address}" ${load} data-opens-dialog role="${role}"`
}
