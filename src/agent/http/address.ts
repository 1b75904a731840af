import { BadAddressError } from '../../shared/errors.ts'

const maxLength = 2048

/** `message` repeats no credentials. */
export type AddressFault = {
  fault: 'empty' | 'long' | 'scheme' | 'credentials' | 'zone' | 'port' | 'invalid' | 'tail'
  message: string
}

/** The base URL of an agent, without the slash at its end. Throws BadAddressError with a sentence. */
export function parseAddress(typed: string): string {
  const read = readAddress(typed)
  if (typeof read === 'string') return read
  throw new BadAddressError(read.message)
}

export function readAddress(typed: string): string | AddressFault {
  const text = typed.trim()
  const wrong = (fault: AddressFault['fault'], message: string): AddressFault => ({ fault, message })
  if (text === '') return wrong('empty', 'Enter the URL of the agent, for example http://localhost:8001.')
  if (text.length > maxLength) return wrong('long', `A URL may have at most ${maxLength} characters.`)
  const credentials = wrong('credentials', 'A user name or password in the URL is not supported.')
  if (!/^https?:\/\//i.test(text)) {
    if (/^(?!mailto:)[^\s/@]+@[^\s/@]+(?:\/|$)/i.test(text)) return credentials
    const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(text)?.[1]
    return scheme === undefined
      ? wrong('scheme', 'A URL starts with http:// or https://, for example http://localhost:8001.')
      : wrong('scheme', `Only http:// and https:// URLs can be agents, not "${scheme}:".`)
  }
  // With "/" or "#" in its password it is no URL at all.
  if (!URL.canParse(text)) return text.includes('@') ? credentials : unparsable(text)
  const url = new URL(text)
  if (url.username || url.password) return credentials
  if (url.search || url.hash) return wrong('tail', 'The URL of an agent ends before any "?" or "#".')
  if (url.port === '0') return wrong('port', 'Port 0 does not exist: ports start at 1.')
  return url.origin + url.pathname.replace(/\/+$/, '')
}

function unparsable(text: string): AddressFault {
  const authority = /^https?:\/\/([^/?#\\]*)/i.exec(text)?.[1] ?? ''
  if (/^\[[^\]]*%/.test(authority)) {
    return { fault: 'zone', message: 'An address with a zone ("%eth0") is link-local, and those are never called.' }
  }
  const port = /^(?:\[[^\]]*\]|[^:[\]]*):([^:]+)$/.exec(authority)?.[1]
  if (port !== undefined && Number(port) > 65_535) {
    return { fault: 'port', message: `Port ${port.slice(0, 20)} does not exist: ports end at 65535.` }
  }
  if (port !== undefined && !/^\d+$/.test(port)) {
    return { fault: 'port', message: `"${port.slice(0, 60)}" is not a port: ports are numbers from 1 to 65535.` }
  }
  return { fault: 'invalid', message: `"${text.slice(0, 200)}" is not a valid URL.` }
}
