/** Takes `user:password@` out of an http URL; undefined where there is none, or where it is no URL. */
export function takeLogin(typed: string): { url: string; username: string; password: string } | undefined {
  const text = typed.trim()
  if (!/^https?:\/\//i.test(text) || !URL.canParse(text)) return undefined
  const url = new URL(text)
  const { username, password } = url
  if (username === '' && password === '') return undefined
  url.username = ''
  url.password = ''
  return { url: url.href, username: decoded(username), password: decoded(password) }
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
