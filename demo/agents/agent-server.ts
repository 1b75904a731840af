import { randomUUID } from 'node:crypto'
import { createServer, type IncomingMessage, type Server } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { checkInputs, type InputDescription, withDefaults } from './check-inputs.ts'

type Outputs = Record<string, unknown>

/** What an agent can do. `run` gets inputs that fit their types, with defaults where there are some. */
export type Workflow = {
  workflow: string
  inputs: Record<string, InputDescription>
  outputs: string[]
  run(inputs: Record<string, unknown>): Outputs | Promise<Outputs>
  /** Answers `POST /run` at once with a job id, and works in the background. */
  isAsync?: boolean
  /** A sentence that goes out with every answer to `POST /run`. */
  message: string
}

type Answer = { status: number; body: unknown }

type Job = {
  job_id: string
  status: 'pending' | 'running' | 'completed' | 'failed'
  created_at: string
  completed_at: string | null
  execution_time_ms: number | null
  outputs: Outputs | null
  error: string | null
}

/** Long enough for whoever polls to meet a job that has not begun. */
const pendingMs = 500
const maxBodyBytes = 1024 * 1024

/** The HTTP side of an agent, as the Python project generates it. The server is returned before it listens. */
export function createAgentServer(workflow: Workflow): Server {
  const jobs = new Map<string, Job>()

  async function answer(request: IncomingMessage): Promise<Answer> {
    const path = (request.url ?? '/').split('?')[0]!
    const call = `${request.method} ${path}`
    if (call === 'GET /health') return { status: 200, body: { status: 'healthy', timestamp: naiveUtc() } }
    if (call === 'GET /schema') {
      const { workflow: name, inputs, outputs } = workflow
      return { status: 200, body: { workflow: name, inputs, outputs } }
    }
    if (call === 'POST /run') return run(request)
    if (call.startsWith('GET /status/')) {
      const job = jobs.get(path.slice('/status/'.length))
      return job ? { status: 200, body: job } : failure(404, 'Job not found')
    }
    return failure(404, 'Not Found')
  }

  async function run(request: IncomingMessage): Promise<Answer> {
    const text = await readBody(request)
    if (text === undefined) return failure(413, 'Request body is too large')
    const body = parse(text)
    if (body === undefined) {
      return failure(422, [{ type: 'json_invalid', loc: ['body', 0], msg: 'JSON decode error', input: {} }])
    }
    const errors = checkInputs(workflow.inputs, body)
    if (errors.length > 0) return failure(422, errors)

    const inputs = withDefaults(workflow.inputs, body as object)
    const { message } = workflow
    if (workflow.isAsync) return { status: 200, body: { status: 'async', job_id: startJob(inputs), message } }
    const startedAt = performance.now()
    try {
      const outputs = await workflow.run(inputs)
      const execution_time_ms = Math.round(performance.now() - startedAt)
      return { status: 200, body: { status: 'success', execution_time_ms, outputs, job_id: null, message } }
    } catch (error) {
      return failure(500, failedSentence(error))
    }
  }

  function startJob(inputs: Record<string, unknown>): string {
    const job: Job = {
      job_id: randomUUID(),
      status: 'pending',
      created_at: naiveUtc(),
      completed_at: null,
      execution_time_ms: null,
      outputs: null,
      error: null,
    }
    jobs.set(job.job_id, job)
    carryOut(job, inputs)
    return job.job_id
  }

  async function carryOut(job: Job, inputs: Record<string, unknown>): Promise<void> {
    await sleep(pendingMs)
    job.status = 'running'
    const startedAt = performance.now()
    try {
      job.outputs = await workflow.run(inputs)
      job.status = 'completed'
    } catch (error) {
      job.error = failedSentence(error)
      job.status = 'failed'
    }
    job.execution_time_ms = Math.round(performance.now() - startedAt)
    job.completed_at = naiveUtc()
  }

  return createServer(async (request, response) => {
    const { status, body } = await answer(request).catch(() => failure(400, 'The request could not be read'))
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
  })
}

function failure(status: number, detail: unknown): Answer {
  return { status, body: { detail } }
}

function failedSentence(error: unknown): string {
  return `Workflow execution failed: ${error instanceof Error ? error.message : error}`
}

/** Now, as Python's `datetime.utcnow().isoformat()` writes it. */
function naiveUtc(): string {
  return `${new Date().toISOString().slice(0, 23)}000`
}

async function readBody(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length
    // Read on to the end all the same: leaving the loop closes the connection, and nobody hears why.
    if (bytes <= maxBodyBytes) chunks.push(chunk)
  }
  return bytes > maxBodyBytes ? undefined : Buffer.concat(chunks).toString()
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
