import { createServer } from 'node:http'

const answers = {
  'GET /health': () => ({ status: 'healthy' }),
  'GET /schema': () => ({ workflow: 'greet', inputs: { name: { type: 'str', required: true } } }),
  // the body is the inputs themselves: {"name": "Ada"}
  'POST /run': (inputs) => ({ status: 'success', outputs: { text: `Hello, ${inputs.name}` } }),
}
createServer(async (request, response) => {
  let body = ''
  for await (const part of request.setEncoding('utf8')) body += part
  const answer = answers[`${request.method} ${request.url}`]
  response.writeHead(answer ? 200 : 404, { 'content-type': 'application/json' })
  response.end(JSON.stringify(answer ? answer(body && JSON.parse(body)) : {}))
}).listen(8001, 'localhost')
