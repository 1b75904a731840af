import { readFile } from 'node:fs/promises'
import { type InputSchema, readInputSchema } from '../../agent/schema/input-schema.ts'
import { isStrictJson, jsonError, jsonObject } from '../../shared/json.ts'
import { paths } from '../../web/http/paths.ts'
import { dashboardAt } from '../dashboard/command.ts'
import { type Dashboard, usageError } from '../dashboard/dashboard.ts'
import { ProblemError } from '../dashboard/errors.ts'
import { CommandError } from '../exit-codes.ts'
import { finishRun } from '../runs/begun.ts'
import { type Context, sendOnce } from '../runs/waiting.ts'
import { printInto } from '../terminal/print-into.ts'
import type { Terminal } from '../terminal/terminal.ts'
import { optionsOfAgent, type TypedRun } from './read-options.ts'
import { typedAsJson } from './values.ts'

export async function runAgent(terminal: Terminal, id: string, args: string[]): Promise<void> {
  const dashboard = dashboardAt(valueIn(args, '--url'), valueIn(args, '--token'))
  const schema = await schemaOf(dashboard, id)
  const { command, read } = optionsOfAgent(id, schema)
  printInto(terminal, command)
  const typed = read(args)
  const inputs = await inputsOf(typed, schema, terminal)
  const begun = await begin({ terminal, dashboard }, id, inputs, typed.options.idempotencyKey)
  await finishRun({ terminal, dashboard }, begun, typed.options)
}

/** Needed before the options can be read. */
function valueIn(args: string[], flag: string): string | undefined {
  const at = args.findLastIndex((arg) => arg === flag || arg.startsWith(`${flag}=`))
  if (at < 0) return undefined
  return args[at] === flag ? args[at + 1] : args[at]!.slice(flag.length + 1)
}

/** As the agent says now, else as it said last. */
async function schemaOf(dashboard: Dashboard, id: string): Promise<InputSchema> {
  const text = await dashboard.get(paths.agentSchema(id)).catch(async (error) => {
    if (!(error instanceof ProblemError) || error.status === 404) throw error
    return dashboard.get(paths.lastAgentSchema(id)).catch(() => {
      throw error
    })
  })
  const schema = readInputSchema(text)
  if (typeof schema === 'string') throw new CommandError(`Cannot read the inputs of the agent: ${schema}.`)
  return schema
}

async function inputsOf({ values, options }: TypedRun, schema: InputSchema, { input }: Terminal): Promise<string> {
  const { inputsFrom } = options
  if (inputsFrom === undefined) {
    const types = new Map(schema.inputs.map(({ name, type }) => [name, type]))
    const typed = Array.from(values, ([name, texts]) => [name, typedAsJson(types.get(name), texts)] as const)
    return jsonObject(typed)
  }
  if (values.size > 0) throw usageError('Give the inputs either as JSON or one by one, not both.')
  const json = await inputsText(inputsFrom, input)
  const problem = isStrictJson(json) ? undefined : jsonError(json)
  if (problem !== undefined) throw usageError(`The inputs are not JSON. ${problem}`)
  return json
}

async function inputsText(from: string, input: Terminal['input']): Promise<string> {
  if (from.trimStart().startsWith('{')) return from
  return from === '-' ? textOf(input) : readFile(from, 'utf8').catch(cannotRead)
}

async function textOf(input: Terminal['input']): Promise<string> {
  const chunks: Uint8Array[] = []
  for await (const chunk of input) chunks.push(chunk)
  return Buffer.concat(chunks).toString('utf8')
}

function cannotRead({ message }: Error): never {
  throw usageError(`Cannot read the inputs: ${message}`)
}

async function begin(context: Context, id: string, inputs: string, key = context.terminal.newKey()): Promise<string> {
  try {
    const request = { method: 'POST', path: paths.execute(id), body: `{"inputs":${inputs}}` } as const
    return await sendOnce(context, request, key)
  } catch (error) {
    if (!(error instanceof ProblemError) || error.fields.length === 0) throw error
    const help = `To see its inputs: configurable-agents run ${id} --help`
    throw new CommandError(`${error.message}\n${help}`, error.exitCode)
  }
}
