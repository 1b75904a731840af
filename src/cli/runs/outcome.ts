import { prettyJson } from '../../shared/json/pretty.ts'
import { jsonMembers, looseValue } from '../../shared/json.ts'
import { CommandError, exitCodes } from '../exit-codes.ts'
import { colored, printJson, printLines, printText } from '../terminal/print.ts'
import { safeJson, safeLine } from '../terminal/safe-text.ts'
import type { Output, Terminal } from '../terminal/terminal.ts'
import { endOf, exitCodeOf, type Run, readRun, statusOf } from './run.ts'

/** Prints how a run ended: its outputs for the next program, the rest for the person. Ends the command by its status. */
export function printEnd({ out, err }: Terminal, text: string, isJson: boolean): void {
  const run = readRun(text)
  if (isJson) printJson(out, text)
  else printOutputs(out, run.outputs)
  printLines(err, [...errorsOf(run), `${colored(err, statusOf(run).tone, endOf(run))} · ${run.run_id}`])
  const code = exitCodeOf(run)
  if (code !== exitCodes.done) throw new CommandError('', code)
}

function errorsOf({ error_message, errors = [] }: Run): string[] {
  const fields = errors.map(({ field, message }) => `${field}: ${message}`)
  return [error_message ?? '', ...fields].map(safeLine).filter((line) => line !== '')
}

/** One output comes without its name. */
function printOutputs(out: Output, json: string): void {
  if (json === 'null') return
  const members = [...(jsonMembers(json) ?? [])]
  const [only] = members
  if (members.length < 2) printValue(out, only?.[1] ?? json)
  else
    for (const [name, value] of members) {
      printText(out, `${name}:`)
      printValue(out, value)
      printText(out, '')
    }
}

function printValue(out: Output, json: string): void {
  if (json.startsWith('"')) printText(out, looseValue(json) as string)
  else printLines(out, [safeJson(prettyJson(json))])
}
