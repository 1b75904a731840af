import type { IncomingMessage } from 'node:http'
import { isJson } from '../../shared/json.ts'
import { CommandError, exitCodes } from '../exit-codes.ts'
import { checkAddress } from './address.ts'
import { NotADashboardError, shownUrl } from './errors.ts'
import { createExchange, type Request, readText } from './exchange.ts'

/** Answers are JSON texts: payloads keep their digits. Throws errors of this folder. */
export type Dashboard = {
  url: string
  get(path: string, options?: Pick<Request, 'headers' | 'silenceMs' | 'signal'>): Promise<string>
  send(request: Request): Promise<string>
  stream(path: string, signal?: AbortSignal): Promise<IncomingMessage>
}

/** A search may pass many runs before it finds one. */
const exportSilenceMs = 600_000

export function createDashboard(url: URL, token?: string): Dashboard {
  const exchange = createExchange(url, token)
  let isChecked = false

  async function answered(request: Request): Promise<IncomingMessage> {
    if (!isChecked) await checkAddress(url, exchange)
    isChecked = true
    return exchange(request)
  }

  async function send(request: Request): Promise<string> {
    const answer = await answered(request)
    const text = await readText(url, answer)
    if (!isJson(text)) throw new NotADashboardError(url, answer.statusCode!, answer.headers['content-type'] ?? '')
    return text
  }

  return {
    url: shownUrl(url),
    get: (path, options) => send({ path, ...options }),
    send,
    stream: (path, signal) => answered({ path, signal, silenceMs: exportSilenceMs }),
  }
}

export function usageError(message: string): CommandError {
  return new CommandError(message, exitCodes.usage)
}
