const sameMethod = new Set([301, 307, 308])
const anyMethod = new Set([...sameMethod, 302, 303])

/** The new URL when only a slash is added or dropped. After a 302 or 303 a POST may have done its work already. */
export function slashRedirect(
  request: { method: string; url: string },
  answer: { status: number; headers: Record<string, string> },
): string | undefined {
  const { location } = answer.headers
  const followed = request.method === 'GET' ? anyMethod : sameMethod
  if (location === undefined || !followed.has(answer.status) || !URL.canParse(location, request.url)) return undefined
  const [from, to] = [new URL(request.url), new URL(location, request.url)]
  const isSlashAlone = `${from.pathname}/` === to.pathname || from.pathname === `${to.pathname}/`
  const isSameElse = from.origin === to.origin && from.search === to.search && to.username === '' && to.password === ''
  return isSlashAlone && isSameElse ? to.origin + to.pathname + to.search : undefined
}
