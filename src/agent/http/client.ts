import { createRequire } from 'node:module'
import type { buildConnector, Client, Dispatcher } from 'undici'

const require = createRequire(import.meta.url)

type Undici = {
  Client: typeof Client
  buildConnector: typeof buildConnector
  request: (this: Client, options: Dispatcher.RequestOptions) => Promise<Dispatcher.ResponseData>
}

let loaded: Undici | undefined

/** What one request needs of undici, loaded with the first one. The whole package is four times as much. */
export function loadUndici(): Undici {
  loaded ??= {
    Client: require('undici/lib/dispatcher/client.js'),
    buildConnector: require('undici/lib/core/connect.js'),
    request: require('undici/lib/api/api-request.js'),
  }
  return loaded
}
