import { holdsKept } from '../../shared/fields/kept.ts'
import { pointerTo } from '../../shared/fields/pointers.ts'
import { rowInput, withVariant } from './fields/blank.ts'
import { errorsOf } from './fields/check.ts'
import type { Field } from './fields/field.ts'
import { shownAs } from './fields/filled.ts'
import { freshAt } from './fields/fresh.ts'
import { writeDraft } from './write.ts'

/** A field that JSON was made into, with what had been typed before into the kinds that JSON does not say. */
export function withKept(fresh: Field, before: Field | undefined): Field {
  if (!before || !holdsKept(before)) return fresh
  if (fresh.mode !== 'set' && fresh.mode !== 'empty') return { ...fresh, ...insideOf(before) }
  switch (fresh.input.type.kind) {
    case 'group':
    case 'tuple':
      return { ...fresh, fields: fresh.fields.map((one, index) => withKept(one, before.fields[index])) }
    case 'rows':
    case 'map':
      return rowsLike(fresh, before)
    default:
      return keptInUnion(fresh, before)
  }
}

function insideOf({ fields, variants, variant, kept }: Field): Partial<Field> {
  return { fields, ...(variants && { variants, variant }), ...(kept && { kept }) } as Partial<Field>
}

function keptInUnion(fresh: Field, before: Field): Field {
  const chosen = chosenAsBefore(fresh, before)
  const [inner] = chosen.fields
  if (!inner) return fresh
  const isSame = before.fields[0]?.pointer === inner.pointer
  const kept = before.kept?.filter(({ pointer }) => pointer !== inner.pointer) ?? []
  const fields = [isSame ? withKept(inner, before.fields[0]) : inner]
  return { ...chosen, fields, ...(kept.length > 0 && { kept }) }
}

function chosenAsBefore(fresh: Field, { variant }: Field): Field {
  if (variant === undefined || variant === fresh.variant) return fresh
  const asBefore = withVariant(fresh, variant, freshAt)
  const json = writeDraft(fresh)
  const [inner] = asBefore.fields
  if (json === undefined || !inner) return asBefore
  const shown = errorsOf(inner.input, json, []).length === 0 ? shownAs(inner, json) : undefined
  return shown ? { ...asBefore, fields: [{ ...shown, input: inner.input }] } : fresh
}

/** Entries are known by their keys, items by their places. They keep their IDs, and so what was typed unseen. */
function rowsLike(fresh: Field, before: Field): Field {
  if (fresh.fields.length === 0) return writeDraft(fresh) === undefined ? { ...fresh, ...insideOf(before) } : fresh
  const isMap = fresh.input.type.kind === 'map'
  const same = fresh.fields.map((one, index) =>
    isMap ? before.fields.find(({ key }) => key === one.key) : before.fields[index],
  )
  const last = Math.max(-1, ...before.fields.map(({ input }) => Number(input.name)))
  const fields = fresh.fields.map((one, index) => {
    const id = same[index]?.input.name ?? String(last + 1 + index)
    const moved = movedTo(one, pointerTo(fresh.pointer, id))
    return withKept({ ...moved, input: rowInput(fresh.input, id) }, same[index])
  })
  return { ...fresh, fields }
}

function movedTo(field: Field, pointer: string): Field {
  const inside = (one: Field) => movedTo(one, pointer + one.pointer.slice(field.pointer.length))
  const kept = field.kept?.map(inside)
  return { ...field, pointer, fields: field.fields.map(inside), ...(kept && { kept }) }
}
