/** An address as a person knows it: without the password, and without parameters, which may hold one. */
export function shownAddress(url: string): string {
  if (!URL.canParse(url)) return 'the database'
  const { protocol, username, host, pathname } = new URL(url)
  return `${protocol}//${username && `${username}@`}${host}${pathname}`
}
