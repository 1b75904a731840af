import type { FieldError } from '../../shared/errors.ts'
import type { TreeNode } from '../format/json-tree.ts'

export function withReasons(node: TreeNode, errors: FieldError[]): TreeNode {
  const reasons: string[] = []
  const inside = new Map<TreeNode, FieldError[]>()
  for (const { field, message } of errors) {
    const child = childOf(node, field)
    if (!child) reasons.push(field === '' ? message : `${field}: ${message}`)
    else inside.set(child, [...(inside.get(child) ?? []), { field: field.slice(child.name!.length + 1), message }])
  }
  const children = node.children.map((child) => (inside.has(child) ? withReasons(child, inside.get(child)!) : child))
  return { ...node, reasons, children }
}

/** The longest match: names may contain dots. */
function childOf({ children }: TreeNode, dotted: string): TreeNode | undefined {
  const named = children.filter(({ name }) => name !== undefined && name !== '' && `${dotted}.`.startsWith(`${name}.`))
  return named.sort((a, b) => b.name!.length - a.name!.length)[0]
}
