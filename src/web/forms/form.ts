import type { ExecuteForm } from '../../orchestrator/forms/execute-form.ts'
import type { Agent } from '../../orchestrator/registry/agent.ts'
import { dottedName } from '../../shared/fields/pointers.ts'
import { jsonMembers, jsonObject, looseValue, withoutNaN } from '../../shared/json.ts'
import { plural } from '../../shared/plural.ts'
import { presentAsked } from '../format/asked.ts'
import type { Times } from '../format/times.ts'
import { paths } from '../http/paths.ts'
import { presentField, presentHidden, presentSecrets } from './field.ts'
import { focusOf } from './field-focus.ts'
import { presentFixes } from './fixes.ts'
import { presentUsual } from './usual.ts'

export function presentExecute(shown: ExecuteForm, times: Times) {
  const { agent, schema, form, errors, presets } = shown
  const focus = focusOf(shown)
  const isJson = form.view === 'json'
  const fields = isJson
    ? []
    : form.fields.map((field, index) => presentField(field, `input-${index}`, { errors, focus }))
  const folded = new Set(schema.outputs)
  const [main, more] = [fields.filter(isMain), fields.filter((field) => !isMain(field))]
  function isMain({ label, isRequired }: (typeof fields)[number]): boolean {
    return isRequired || !folded.has(label)
  }
  return {
    ...presentTarget(agent),
    problem: '',
    about: aboutOf(shown),
    ...presentUsual(shown.usual),
    token: shown.token,
    schemaMark: shown.schemaMark,
    view: form.view,
    draft: shown.isDraft
      ? `Draft restored.${schema.secrets ? ' Passwords are not part of it: enter them again.' : ''}`
      : '',
    isJsonOnly: shown.isJsonOnly,
    main,
    more,
    isMoreOpen: more.some(({ isUsed }) => isUsed) || errorsIn(more, errors),
    other: { text: form.other, error: errors.get('other') ?? '', isFocused: focus === 'other' },
    json: isJson ? presentJsonView(shown, focus) : undefined,
    fixes: presentFixes(shown, [...main, ...more]),
    notice: shown.problem ?? '',
    changes: presentChanges(shown.changes),
    refused: shown.refused && { path: paths.run(shown.refused.runId), messages: shown.refused.messages },
    presets: presets.map(({ runId, inputs: json, startedAt }) => ({
      path: paths.execute(agent.id, { from: runId }),
      summary: summaryOf(json),
      started: times.moment(startedAt),
    })),
  }
}

export function presentExecuteProblem(agent: Agent, problem: string, again: string) {
  return { ...presentTarget(agent), problem, again, asked: presentAsked(agent.id, problem) }
}

export function executeFormAsJson({ agent, schema }: ExecuteForm): string {
  const inputs = schema.inputs.map(({ name, typeLabel, isRequired, isNullable, defaultJson, description }) => {
    const rest = { name, type: typeLabel, required: isRequired, nullable: isNullable, description }
    const members = Object.entries(rest).map(([key, value]) => [key, JSON.stringify(value)] as const)
    return jsonObject([
      ...members,
      ...(defaultJson === undefined ? [] : [['default', withoutNaN(defaultJson)] as const]),
    ])
  })
  const head = { agent_name: agent.name, workflow: schema.workflow ?? null }
  return `${JSON.stringify(head).slice(0, -1)},"inputs":[${inputs.join(',')}]}`
}

function aboutOf({ agent, schema }: ExecuteForm): string {
  if (agent.description) return agent.description
  const inputs = schema.isUnnamed ? 'inputs as JSON' : plural(schema.inputs.length, 'input')
  return schema.workflow ? `Workflow ${schema.workflow} · ${inputs}` : inputs
}

function presentTarget(agent: Agent) {
  return { name: agent.name, path: paths.execute(agent.id), agentPath: paths.agentPage(agent.id) }
}

function errorsIn(fields: { pointer: string }[], errors: ExecuteForm['errors']): boolean {
  return [...errors.keys()].some((at) => fields.some(({ pointer }) => at === pointer || at.startsWith(`${pointer}/`)))
}

const unnamed = "The agent's schema names no inputs. Enter what it expects as a JSON object."

function presentJsonView({ form, errors, schema, isJsonOnly }: ExecuteForm, focus: string) {
  const secrets = presentSecrets(form.fields, { errors, focus })
  const shown = new Set(secrets.map(({ pointer }) => pointer))
  const inside = [...errors].filter(([pointer]) => !shown.has(pointer))
  return {
    text: form.json,
    errors: inside.map(([at, message]) => (at === 'json' ? message : `${dottedName(at)}: ${message}`)),
    isFocused: focus === 'json' || inside.length > 0,
    holdsSecret: schema.secrets !== undefined,
    hint: schema.isUnnamed ? unnamed : isJsonOnly ? 'There are too many inputs for a form.' : '',
    secrets,
    hidden: presentHidden(form.fields),
  }
}

function presentChanges(changes: ExecuteForm['changes']): { word: string; names: string }[] {
  if (!changes) return []
  const retyped = changes.retyped.map(({ name, before, now }) => `${name} (${before} → ${now})`)
  return [
    { word: 'New', names: listed(changes.added) },
    { word: 'Gone', names: listed(changes.gone) },
    { word: 'Of another type', names: listed(retyped) },
  ].filter(({ names }) => names !== '')
}

const maxNamed = 8

function listed(names: string[]): string {
  const more = names.length - maxNamed
  return names.slice(0, maxNamed).join(', ') + (more > 0 ? ` and ${more} more` : '')
}

const maxValueLength = 36
const maxValues = 2

function summaryOf(inputs: string): string {
  const members = [...jsonMembers(inputs)!]
  if (members.length === 0) return 'No inputs'
  const words = members.slice(0, maxValues).map(([name, json]) => {
    const text = json.startsWith('"') ? String(looseValue(json)).replace(/\s+/g, ' ').trim() : `${name} ${json}`
    const cut = text === '' ? `${name} ""` : text
    return cut.length > maxValueLength ? `${cut.slice(0, maxValueLength).trimEnd()}…` : cut
  })
  const more = members.length - words.length
  return words.join(' · ') + (more > 0 ? ` +${more}` : '')
}
