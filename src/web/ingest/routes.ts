import type { FastifyRequest } from 'fastify'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import type { Reported } from '../../orchestrator/ingest/ingest.ts'
import { AppError, InvalidInputError } from '../../shared/errors.ts'
import { paths, routes } from '../http/paths.ts'
import { problemOf } from '../http/problem-details.ts'
import { isJsonBody } from '../plugins/bodies.ts'
import { type ReadReport, readReport, readReports } from './read.ts'
import { maxReports, reportRuns } from './schemas.ts'

const asGiven = () => (value: unknown) => ({ value })

export const ingestRoutes: FastifyPluginAsyncZod = async (app) => {
  app.post(
    routes.runs,
    // Each report of a list is read by itself, so that a wrong one takes no other down with it.
    { config: { needs: 'operator' }, schema: reportRuns, validatorCompiler: asGiven },
    async (request, reply) => {
      const { body, jsonText } = request as FastifyRequest
      if (jsonText === '') throw isJsonBody(request) ? empty() : notJson()
      if (!Array.isArray(body)) {
        const [result] = await take([readReport(body, jsonText)], request)
        if ('error' in result!) throw result.error
        return takenAs(result!)
      }
      const { length } = body
      if (length === 0 || length > maxReports) throw new InvalidInputError([{ field: '', message: howMany(length) }])
      const results = await take(await readReports(body, jsonText), request)
      return reply
        .code(results.some((result) => 'error' in result) ? 207 : 200)
        .send({ results: results.map(answerOf) })
    },
  )

  async function take(read: ReadReport[], { actor, orchestrator }: FastifyRequest): Promise<Result[]> {
    const reports = read.flatMap((one) => ('report' in one ? one.report : []))
    const taken = (await orchestrator.takeReports(reports, actor)).values()
    return read.map((one) => ({ runId: one.runId, ...('report' in one ? taken.next().value! : { error: one.error }) }))
  }
}

type Result = { runId: string | null } & Reported

function answerOf(result: Result) {
  return 'error' in result ? { run_id: result.runId, problem: problemOf(result.error) } : takenAs(result)
}

function takenAs({ runId, change }: Exclude<Result, { error: unknown }>) {
  return { run_id: runId!, status: change, url: paths.run(runId!) }
}

const notJson = () =>
  new AppError('not-json', 415, 'Send a report, or a list of reports, as JSON with "content-type: application/json".')

const empty = () =>
  new InvalidInputError([{ field: '', message: 'The body is empty. Send a report, or a list of reports.' }])

const howMany = (length: number) =>
  length === 0
    ? 'The list is empty. Send a report, or a list of them.'
    : `A list may have at most ${maxReports.toLocaleString('en-US')} reports, and this has ${length.toLocaleString('en-US')}.`
