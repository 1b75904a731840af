import type { ExecuteForm } from '../../orchestrator/forms/execute-form.ts'
import { dottedName } from '../../shared/fields/pointers.ts'
import { plural } from '../../shared/plural.ts'
import type { FieldView } from './field-view.ts'

type Link = { id: string; field: string; name: string }
export type Fixes = { total: number; count: string; links: Link[]; more: string }

const maxLinks = 4

export function presentFixes({ errors, form, refused }: ExecuteForm, fields: FieldView[]): Fixes | undefined {
  if (errors.size === 0 || refused) return undefined
  if (form.view === 'json') {
    const links = [{ id: 'json', field: 'json-field', name: 'JSON' }]
    return { total: 1, count: '1 input', links, more: '' }
  }
  const links = fields.flatMap(linksOf)
  if (errors.has('other')) links.push({ id: 'other', field: 'other-field', name: 'Other inputs' })
  const more = links.length - maxLinks
  return {
    total: links.length,
    count: plural(links.length, 'input'),
    links: links.slice(0, maxLinks),
    more: more > 0 ? `and ${more} more` : '',
  }
}

function linksOf({ id, error, isGroup, pointer, rows, entries, fields }: FieldView): Link[] {
  const link = (at: string): Link => ({ id: at, field: `${id}-field`, name: dottedName(pointer) || '""' })
  const row = rows.find((one) => one.error !== '')
  const inside = [
    ...entries.flatMap(({ key, field }) => [
      ...(key?.error ? [{ id: key.id, field: `${field.id}-entry`, name: dottedName(field.pointer) }] : []),
      ...linksOf(field),
    ]),
    ...fields.flatMap(linksOf),
  ]
  if (error !== '') return [link(isGroup ? `${id}-field` : id), ...inside]
  return row ? [link(row.id)] : inside
}
