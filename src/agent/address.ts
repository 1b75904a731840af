import { BadAddressError } from '../errors.ts'

const longest = 2048

/**
 * The base URL of an agent as typed by a person: scheme, host, port and path prefix, without the slash at its end.
 * Throws BadAddressError with a sentence that says what to change.
 */
export function parseAddress(typed: string): string {
  const text = typed.trim()
  if (text === '') throw new BadAddressError('Enter the URL of the agent, for example http://localhost:8001.')
  if (text.length > longest) throw new BadAddressError(`A URL may have at most ${longest} characters.`)
  if (!/^https?:\/\//i.test(text)) {
    throw new BadAddressError(
      /^[a-z][a-z0-9+.-]*:\/\//i.test(text)
        ? `Only http:// and https:// URLs can be agents, not "${text.split(':')[0]}:".`
        : 'A URL starts with http:// or https://, for example http://localhost:8001.',
    )
  }
  if (!URL.canParse(text)) {
    const port = /^https?:\/\/[^/?#]*:(\d+)(?:[/?#]|$)/i.exec(text)?.[1]
    throw new BadAddressError(
      port !== undefined && Number(port) > 65_535
        ? `Port ${port} does not exist: ports end at 65535.`
        : `"${text.slice(0, 200)}" is not a valid URL.`,
    )
  }
  const url = new URL(text)
  if (url.username || url.password) throw new BadAddressError('A user name or password in the URL is not supported.')
  if (url.search || url.hash) throw new BadAddressError('The URL of an agent ends before any "?" or "#".')
  if (url.port === '0') throw new BadAddressError('Port 0 does not exist: ports start at 1.')
  return url.origin + url.pathname.replace(/\/+$/, '')
}

/** Host (IPv6 without brackets) and port of a base URL, as the shared database keeps them. */
export function hostAndPort(address: string): { host: string; port: number } {
  const url = new URL(address)
  const port = url.port === '' ? (url.protocol === 'https:' ? 443 : 80) : Number(url.port)
  return { host: url.hostname.replace(/^\[|\]$/g, ''), port }
}

/** Whether two base URLs lead to the same host and port; names are written in many ways. */
export function isSamePlace(one: string, other: string): boolean {
  if (!URL.canParse(one) || !URL.canParse(other)) return false
  const [here, there] = [hostAndPort(one), hostAndPort(other)]
  return here.host === there.host && here.port === there.port
}

/** The base URL of an agent of which only host and port are known: those that the Python program wrote. */
export function addressOf(host: string, port: number): string {
  return `http://${host.includes(':') && !host.startsWith('[') ? `[${host}]` : host}:${port}`
}
