import type { Run } from '../../orchestrator/runs/runs.ts'
import { presentExcess } from '../../shared/json.ts'
import { plural } from '../../shared/plural.ts'
import { presentJson } from '../format/json-text.ts'
import { presentTree } from '../format/json-tree.ts'
import { paths } from '../http/paths.ts'
import { withReasons } from './input-reasons.ts'
import { type PayloadName, readableOf } from './readable.ts'

const titles = { inputs: 'Inputs', outputs: 'Outputs', config: 'Workflow config' }

export function presentPayloads(run: Run) {
  const notes = {
    inputs: run.withheld.length > 0 ? `Sent too, and not kept: ${run.withheld.join(', ')}` : '',
    outputs: '',
    config: 'As the Python program kept it. Credentials are masked.',
  }
  const shown = (['outputs', 'inputs', 'config'] as const).map((name) => presentPayload(run, name, notes[name]))
  return shown.filter((payload) => payload !== undefined)
}

function presentPayload(run: Run, name: PayloadName, note: string) {
  const text = run[name]
  if (text === null || text === '') return undefined
  const { problem } = readableOf(run, name, text)
  const isReadable = problem === undefined
  const { spans, hiddenCharacters } = presentJson(text, isReadable)
  const tree = presentTree(text, '', 0, isReadable)
  const excess = problem === undefined || problem.kind === 'syntax' ? '' : presentExcess(problem.kind)
  return {
    id: name,
    title: titles[name],
    tree: tree && name === 'inputs' ? withReasons(tree, run.errorFields) : tree,
    excess: excess && `${excess} It is kept, and shown as text.`,
    treePath: paths.payloadTree(run.id, name),
    spans,
    hidden: hiddenCharacters > 0 ? plural(hiddenCharacters, 'more character') : '',
    rawPath: paths.payload(run.id, name),
    note,
  }
}
