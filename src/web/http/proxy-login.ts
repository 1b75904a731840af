import type { FastifyRequest } from 'fastify'
import { rangesOf } from '../../config/address-ranges.ts'
import type { ProxyLogin } from '../../config/login.ts'
import type { Proxied } from '../../orchestrator/access/proxied.ts'
import { AppError } from '../../shared/errors.ts'
import { isVisible } from '../../shared/text/visible.ts'

/** Whom a trusted proxy names in a request; of others, its headers mean nothing. Throws AppError. */
export type ReadProxied = (request: FastifyRequest) => Proxied | undefined

export function createReadProxied({ userHeader, groupsHeader, proxies }: ProxyLogin): ReadProxied {
  const isProxy = rangesOf(proxies)
  return ({ headers, raw, socket }) => {
    if (headers[userHeader] === undefined || !isProxy(socket.remoteAddress)) return undefined
    // A second one is the browser's: it would be joined to that of the proxy.
    if ([userHeader, groupsHeader].some((header) => countOf(header, raw.rawHeaders) > 1)) {
      throw new AppError('bad-request', 400, `The request has the header ${userHeader} or ${groupsHeader} twice.`)
    }
    const name = textOf(headers[userHeader]).trim()
    if (name === '') return undefined
    if (!isVisible(name)) throw new AppError('bad-request', 400, `The name in the header ${userHeader} cannot be seen.`)
    const groups = textOf(headers[groupsHeader])
      .split(',')
      .map((group) => group.trim())
    return { name, groups: groups.filter(Boolean) }
  }
}

function countOf(header: string, rawHeaders: string[]): number {
  return rawHeaders.filter((name, at) => at % 2 === 0 && name.toLowerCase() === header).length
}

/** Node reads headers as Latin-1; proxies write UTF-8. */
function textOf(header: string | string[] | undefined): string {
  const bytes = Buffer.from(String(header ?? ''), 'latin1')
  const text = bytes.toString('utf8')
  return text.includes('\ufffd') ? bytes.toString('latin1') : text
}
