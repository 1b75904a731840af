import { fastify } from 'fastify'

// The yardstick, as a process of its own: a Fastify that does nothing but send bytes it was given before, and agents
// that are always well: those under /agent answer at once, the one under /busy works for ever. It is controlled over the channel of its parent.

const pages = new Map<string, string>()
const app = fastify()
app.get('/bare/*', async (request, reply) =>
  reply.type('text/html; charset=utf-8').send(pages.get((request.params as { '*': string })['*'])),
)
app.get('/unchanged', async (_request, reply) => reply.code(304).send())
app.get('/agent/:id/health', async () => ({ status: 'healthy' }))
app.get('/agent/:id/schema', async () => ({ workflow: 'echo', inputs: {}, outputs: [] }))
app.post('/agent/:id/run', async () => ({ status: 'success', outputs: { result: 'done' }, job_id: null }))
let jobs = 0
app.get('/busy/health', async () => ({ status: 'healthy' }))
app.get('/busy/schema', async () => ({ workflow: 'busy', inputs: {}, outputs: [] }))
app.post('/busy/run', async () => ({ status: 'async', job_id: String(jobs++) }))
app.get('/busy/status/:job', async () => ({ status: 'running' }))

process.on('message', ({ name, bytes }: { name: string; bytes: string }) => {
  pages.set(name, bytes)
  process.send!({ stored: name })
})
process.on('disconnect', () => process.exit(0))
process.send!({ url: await app.listen({ host: '127.0.0.1', port: 0 }) })
