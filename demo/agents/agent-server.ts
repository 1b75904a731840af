import { randomUUID } from 'node:crypto'
import { createServer, type IncomingMessage, type Server } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Random } from '../random.ts'
import { checkInputs, withDefaults } from './check-inputs.ts'
import { failureOf, type Inputs, type Outputs, usageOf, type Workflow } from './workflow.ts'

type Answer = { status: number; body: unknown }

/** What running a workflow came to. */
type Result = { execution_time_ms: number; outputs: Outputs; total_tokens?: number; cost_usd?: number }

type Job = {
  job_id: string
  status: 'pending' | 'running' | 'completed' | 'failed'
  created_at: string
  completed_at: string | null
  execution_time_ms: number | null
  outputs: Outputs | null
  error: string | null
} & Partial<Pick<Result, 'total_tokens' | 'cost_usd'>>

type AgentOptions = {
  /** Runs take their time, report what they cost, and fail now and then. Without it they do none of this. */
  random?: Random
  /** What `GET /health` answers; healthy, if nothing is given. */
  health?: () => Answer | Promise<Answer>
  /** What every call begins with. */
  path?: string
}

/** Long enough for whoever polls to meet a job that has not begun. */
const pendingMs = 500
const maxBodyBytes = 1024 * 1024

/** The HTTP side of an agent, as the Python project generates it. The server is returned before it listens. */
export function createAgentServer(workflow: Workflow, options: AgentOptions = {}): Server {
  const { random, path: base = '', health = isHealthy } = options
  const jobs = new Map<string, Job>()

  async function answer(request: IncomingMessage): Promise<Answer> {
    const path = (request.url ?? '/').split('?')[0]!.replace(base, '')
    const call = `${request.method} ${path}`
    if (call === 'GET /health') return health()
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
    try {
      return { status: 200, body: { status: 'success', ...(await carryOut(inputs)), job_id: null, message } }
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
    carryOutJob(job, inputs)
    return job.job_id
  }

  async function carryOut(inputs: Inputs): Promise<Result> {
    const startedAt = performance.now()
    const usage = random && usageOf(workflow.work, random)
    if (random && usage) {
      await sleep(usage.seconds * 1000)
      const reason = failureOf(workflow.work, random)
      if (reason !== undefined) throw new Error(reason)
    }
    const outputs = workflow.run(inputs)
    return {
      execution_time_ms: Math.round(performance.now() - startedAt),
      outputs,
      ...(usage?.totalTokens != null && { total_tokens: usage.totalTokens }),
      ...(usage?.totalCostUsd != null && { cost_usd: usage.totalCostUsd }),
    }
  }

  async function carryOutJob(job: Job, inputs: Inputs): Promise<void> {
    await sleep(pendingMs)
    job.status = 'running'
    try {
      Object.assign(job, await carryOut(inputs), { status: 'completed' })
    } catch (error) {
      Object.assign(job, { error: failedSentence(error), status: 'failed' })
    }
    job.completed_at = naiveUtc()
  }

  return createServer(async (request, response) => {
    const { status, body } = await answer(request).catch(() => failure(400, 'The request could not be read'))
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
  })
}

export function isHealthy(): Answer {
  return { status: 200, body: { status: 'healthy', timestamp: naiveUtc() } }
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
