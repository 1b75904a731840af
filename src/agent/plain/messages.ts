import { z } from 'zod'
import type { FieldError } from '../../shared/errors.ts'
import { isMembers } from '../../shared/members.ts'
import { credentialPhrase } from '../../shared/text/credential-words.ts'
import type { Reply } from '../http/exchange.ts'
import { isJsonAnswer, isOk, isWebPage, statusLine } from '../http/reply-kind.ts'
import type { JobAnswer, RunAnswer, RunResult } from '../protocol.ts'
import { type AnswerBody, isNothing, readBody } from './answer-body.ts'
import { type Ending, endingOf, isUnknown, isVerdict, isWorking } from './answer-words.ts'
import { readPageReason } from './page-reason.ts'
import { readReason, reasonIn } from './reasons.ts'

const maxWordLength = 60
const accepted = 202
const noContent = 204

function failed(message: string, result?: RunResult): RunAnswer {
  return { kind: 'failed', message, fields: [], result: anything(result) }
}

export function readRun(reply: Reply, hasCredential = false): RunAnswer {
  if (!isOk(reply)) return { kind: 'failed', ...refusal(reply, hasCredential) }
  if (reply.status === noContent) return completed(null)
  const read = readBody(reply, 'run')
  switch (read.kind) {
    case 'unreadable':
      return failed(`The agent answered ${read.reason}`)
    case 'text':
      return completed(JSON.stringify(read.text.toWellFormed()))
    case 'value':
      return completed(read.json === 'null' ? null : read.json)
  }
  return readRunBody(read.body, reply.status === accepted)
}

function readRunBody(body: AnswerBody, isAccepted: boolean): RunAnswer {
  const { isSuccess, isJob, jobId, outputs, hasResult } = body
  const status = body.status === undefined || (hasResult && isVerdict(body.status)) ? '' : body.status
  const ending = endingOf(status)
  if (ending === 'failed' || ending === 'cancelled') return unsuccessful(body, ending)
  if (isJob && (isWorking(status) || (ending === undefined && outputs === null))) {
    const noId = 'The agent moved the run to the background, but its job id cannot be used.'
    return jobId === undefined ? failed(noId) : { kind: 'accepted', jobId }
  }
  if (isSuccess === false || body.isErrorAlone) return unsuccessful(body, 'failed')
  const isUnfinished = isWorking(status) || (isAccepted && body.isReceipt && ending === undefined && isSuccess !== true)
  if (outputs === null && isUnfinished) {
    const noId = 'The agent moved the run to the background, but gave no job id.'
    return failed(noId, resultOf(body, body.rest))
  }
  if (outputs === null && body.rest === null && status !== '' && ending === undefined && isSuccess === undefined) {
    const word = status.slice(0, maxWordLength)
    return failed(`The agent answered with the unknown status "${word}" and no outputs.`, partial(body))
  }
  return { kind: 'completed', ...resultOf(body, outputs ?? body.rest) }
}

export function readJob(reply: Reply, hasCredential = false): JobAnswer {
  const reason = `HTTP ${statusLine(reply)}`
  if (reply.status === 404) return { kind: isJsonAnswer(reply) ? 'not-here' : 'not-found', reason }
  if (reply.status === 410) return { kind: 'gone', reason }
  const asks = credentialPhrase(reply.status, hasCredential)
  if (asks !== undefined) return { kind: 'credential', reason: `${asks} (${reason})` }
  if (!isOk(reply)) return { kind: 'unclear', reason }
  const read = readBody(reply, 'job')
  if (read.kind === 'unreadable') return { kind: 'unclear', reason: `answered ${/^[^.;]*/.exec(read.reason)![0]}` }
  if (read.kind !== 'object') return { kind: 'unclear', reason: 'answered with something that is no JSON object' }
  const { body } = read
  const { value, status, outputs, rest, isSuccess } = body
  if (isUnknown(status ?? '')) return { kind: 'not-here', reason: `reports "${status!.slice(0, maxWordLength)}"` }
  const ending = endingOf(status ?? '') ?? impliedEnding(body)
  if (ending === 'completed' && isSuccess !== false && !body.isErrorAlone) {
    return { kind: 'completed', ...resultOf(body, outputs ?? rest) }
  }
  if (ending !== undefined) return unsuccessful(body, ending === 'cancelled' ? ending : 'failed')
  return status === undefined && value.done !== false
    ? { kind: 'unclear', reason: 'answered without a status' }
    : { kind: 'working', word: (status ?? 'running').slice(0, maxWordLength) }
}

/** Outputs or an error beside a completion time end a job whatever its status word is. */
function impliedEnding({
  value,
  status,
  outputs,
  rest,
  isSuccess,
  hasError,
  isErrorAlone,
}: AnswerBody): Ending | undefined {
  if (status !== undefined && isWorking(status)) return undefined
  const isDone = (value.completed_at ?? value.finished_at ?? null) !== null || value.done === true
  if (isDone && hasError) return 'failed'
  const saidSuccess = status === undefined && value.done !== false ? isSuccess : undefined
  if (saidSuccess === false || (status === undefined && isErrorAlone)) return 'failed'
  const isOver = isDone || saidSuccess
  return isOver && (outputs !== null || rest !== null) ? 'completed' : undefined
}

function completed(outputs: string | null): RunAnswer {
  return { kind: 'completed', outputs, totalTokens: null, totalCostUsd: null }
}

function unsuccessful(body: AnswerBody, kind: 'failed' | 'cancelled') {
  const { text, fields } = reasonIn(isJSend(body) ? { errors: body.value.data } : body.value)
  const message = text === '' ? unexplained(body.status) : `The agent says: ${text}`
  const result = partial(body)
  return kind === 'failed' ? { kind, message, fields, result } : { kind, message, result }
}

function isJSend({ status, value }: AnswerBody): boolean {
  return status === 'fail' && isMembers(value.data) && value.message === undefined
}

function partial(body: AnswerBody): RunResult | undefined {
  return anything(resultOf(body, isNothing(body.outputs ?? 'null') ? null : body.outputs))
}

function anything(result: RunResult | undefined): RunResult | undefined {
  return result && Object.values(result).some((one) => one !== null) ? result : undefined
}

const amount = z.number().nonnegative().finite()
const wholeAmount = amount.int()

function resultOf({ value }: AnswerBody, outputs: string | null): RunResult {
  const holders = [value, value.usage, value.metadata, value.outputs].filter(isMembers)
  const first = (check: z.ZodType<number>, ...names: string[]) =>
    holders
      .flatMap((holder) => names.map((name) => holder[name]))
      .map((found) => check.safeParse(found).data)
      .find((found) => found !== undefined) ?? null
  return {
    outputs,
    totalTokens: first(wholeAmount, 'total_tokens'),
    totalCostUsd: first(amount, 'cost_usd', 'total_cost_usd'),
  }
}

function unexplained(status: string | undefined): string {
  const word = status === undefined || isPlainFailure(status) ? 'failure' : `"${status.slice(0, maxWordLength)}"`
  return `The agent reported ${word} without a reason.`
}

function isPlainFailure(status: string): boolean {
  return /^(failed|failure|error|errored)$/i.test(status) || endingOf(status) === 'completed'
}

const refusesInputs = new Set([400, 422])

function refusal(reply: Reply, hasCredential: boolean): { message: string; fields: FieldError[] } {
  const answered = `The agent answered ${statusLine(reply)}`
  const asks = credentialPhrase(reply.status, hasCredential)
  if (asks !== undefined) {
    const said = isWebPage(reply) ? readPageReason(reply) : readReason(reply).text
    return { message: `${answered}: it ${asks}${said === '' ? '' : ` (${said.replace(/\.$/, '')})`}.`, fields: [] }
  }
  if (isWebPage(reply)) {
    const said = readPageReason(reply)
    return { message: `${answered} with a web page${said === '' ? '.' : `: ${said}`}`, fields: [] }
  }
  const { text, fields } = readReason(reply)
  if (fields.length > 0 && refusesInputs.has(reply.status)) {
    return { message: `The agent refused the inputs: ${text}`, fields }
  }
  return { message: text === '' ? `${answered}.` : `${answered}: ${text}`, fields: [] }
}
