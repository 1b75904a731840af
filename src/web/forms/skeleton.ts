import type { Field } from '../../orchestrator/forms/fields/field.ts'
import { prettyJson } from '../../shared/json/pretty.ts'
import { jsonEntries, jsonObject } from '../../shared/json.ts'

type Type = Field['input']['type']

const maxDepth = 4
const maxMembers = 12

/** The shape of what is to be written, as a placeholder. */
export function skeletonOf(type: Type): string {
  return prettyJson(shapeOf(type, 0))
}

function shapeOf(type: Type, depth: number): string {
  switch (type.kind) {
    case 'text':
      return '""'
    case 'integer':
    case 'number':
      return '0'
    case 'boolean':
      return 'false'
    case 'choice':
      return type.options[0]?.json ?? '""'
    case 'list':
      return `[${shapeOf(type.items, depth + 1)}]`
    case 'rows':
      return depth < maxDepth ? `[${shapeOf(type.item.type, depth + 1)}]` : '[]'
    case 'tuple':
      return `[${type.items.map((one) => shapeOf(one.type, depth + 1)).join(',')}]`
    case 'map':
      return depth < maxDepth ? `{"key":${shapeOf(type.value.type, depth + 1)}}` : '{}'
    case 'group': {
      const required = type.inputs.filter(({ isRequired }) => isRequired)
      const shown = (required.length > 0 ? required : type.inputs).slice(0, maxMembers)
      const members = shown.map((one) => [one.name, shapeOf(one.type, depth + 1)] as const)
      return depth < maxDepth ? jsonObject(members) : '{}'
    }
    case 'union':
      return shapeOf(type.variants[0]!.type, depth + 1)
    case 'any':
      return type.isObject ? '{"key":"value"}' : '""'
    case 'json':
      return shapeOfSchema(type)
  }
}

function shapeOfSchema({ accepts, schema = '' }: Extract<Type, { kind: 'json' }>): string {
  const members = new Map(jsonEntries(schema || '{}'))
  const properties = members.get('properties') ?? ''
  if (properties.startsWith('{')) {
    const names = jsonEntries(properties).take(maxMembers).toArray()
    return jsonObject(names.map(([name]) => [name, '""'] as const))
  }
  return accepts === 'list' || members.get('type') === '"array"' ? '[]' : '{}'
}

/** The schema itself, where the form has no controls for it. */
export function outlineOf(type: Type): string {
  return type.kind === 'json' && type.schema ? prettyJson(type.schema, { open: true }) : ''
}
