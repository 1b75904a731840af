// Tells the server the reader's time zone, by a cookie (src/web/plugins/zone.ts). Before the first paint, because a page
// in another zone is asked for again. Only when the zone is new: the server may not know it.
try {
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone
  const cookie = `reader-zone=${zone}`
  const isSet = () => document.cookie.split('; ').includes(cookie)
  if (zone && !isSet()) {
    // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is there over https alone.
    document.cookie = `${cookie}; path=${document.documentElement.dataset.home}; max-age=31536000; samesite=lax`
    if (isSet() && zone !== document.documentElement.dataset.zone) location.reload()
  }
} catch {
  // Where cookies are blocked, naming them throws.
}
