import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { shapes } from './payload-shapes.ts'

// Agents as a process of their own. The one at /run/<shape> answers runs with outputs of that shape, the one at
// /bare/<shape> with nothing else, the one at /job/<shape> after it has taken them to the background.

const health = '{"status":"healthy"}'
const schema = '{"workflow":"large","inputs":{"data":{"type":"object","required":false}},"outputs":["data"]}'
const made = new Map<string, string>()

function shape(name: string): string {
  const known = made.get(name)
  if (known !== undefined) return known
  made.clear()
  const text = shapes[name]!()
  made.set(name, text)
  return text
}

function answer(way: string, name: string, call: string): string {
  if (call === 'health') return health
  if (call === 'schema') return schema
  if (way === 'bare') return shape(name)
  if (way === 'job' && call === 'run') return '{"status":"async","job_id":"1"}'
  return `{"status":"completed","outputs":${shape(name)}}`
}

const server = createServer((request, response) => {
  const [, way = '', name = '', call = ''] = decodeURIComponent(request.url!).split('/')
  request.resume().on('end', () => {
    // Somebody else may have asked at this port before.
    if (shapes[name] === undefined) return response.writeHead(404).end()
    response.writeHead(200, { 'content-type': 'application/json' }).end(answer(way, name, call))
  })
})
server.listen(0, '127.0.0.1', () => process.send!((server.address() as AddressInfo).port))
process.on('disconnect', () => process.exit(0))
