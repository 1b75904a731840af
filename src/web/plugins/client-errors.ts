import type { Socket } from 'node:net'
import type { Clock } from '../../shared/time/clock.ts'
import { paths } from '../http/paths.ts'
import { problemDetails, titleOf } from '../http/problem-details.ts'
import type { ConnectionLimits } from './connections.ts'

type ClientError = { code?: string; rawPacket?: unknown }

/** Reads on for a while: a browser that is cut off would not show the answer. */
const drainMs = 2000

/** Answers requests that Node refuses before Fastify sees them. */
export function createClientErrorHandler(clock: Clock, { maxHeaderBytes }: ConnectionLimits) {
  const limit = `${maxHeaderBytes / 1024} KiB`

  return (error: ClientError, socket: Socket): void => {
    if (error.code === 'ECONNRESET' || socket.destroyed) return
    if (!socket.writable) {
      socket.destroy()
      return
    }
    const [status, code, message] = refusal(error.code, limit)
    const isForProgram = /\r\n(accept|content-type):[^\r]*json/i.test(String(error.rawPacket ?? ''))
    const title = titleOf(status)
    const [type, body] = isForProgram
      ? ['application/problem+json', problemDetails({ code, status, message })]
      : ['text/html', page(status, title, message)]
    socket.end(answer(`${status} ${title}`, type, body))
    socket.resume()
    const cancel = clock.after(drainMs, () => socket.destroy())
    socket.once('close', cancel)
  }
}

function refusal(code: string | undefined, limit: string): [status: number, code: string, message: string] {
  switch (code) {
    case 'HPE_HEADER_OVERFLOW':
      return [
        431,
        'headers-too-large',
        `The address and headers of this request are longer than ${limit}. To fill in a form with that much, open it without inputs and paste them there as JSON; a program sends them as the body of a POST.`,
      ]
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return [408, 'request-timeout', 'The request took too long to arrive. Send it again.']
    default:
      return [400, 'not-http', 'The request is not valid HTTP.']
  }
}

function answer(status: string, type: string, body: string): string {
  const headers = [
    `content-type: ${type}; charset=utf-8`,
    `content-length: ${Buffer.byteLength(body)}`,
    "content-security-policy: default-src 'none'; frame-ancestors 'none'",
    'x-content-type-options: nosniff',
    'cache-control: no-store',
    'connection: close',
  ]
  return `HTTP/1.1 ${status}\r\n${headers.join('\r\n')}\r\n\r\n${body}`
}

function page(status: number, title: string, message: string): string {
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
<h1>${status} ${title}</h1>
<p>${message}</p>
<p><a href="${paths.agents()}">Orchestrator</a></p>
</html>
`
}
