type Field = {
  id: string
  error?: string | undefined
  hint?: string | undefined
  /** It is wrong for a reason that is said elsewhere: the element with the id `saidBy`. */
  isWrong?: boolean | undefined
  saidBy?: string | undefined
  isFocused?: boolean | undefined
  isRequired?: boolean | undefined
}

/** Attributes of a field: what is wrong with it, where that or a hint is said, and whether it is to have the focus. */
export function fieldMarks({ id, error, hint, isWrong, saidBy, isFocused, isRequired }: Field): string {
  const described = error ? `${id}-error` : isWrong ? saidBy : hint ? `${id}-hint` : undefined
  return [
    isRequired && 'required',
    (error || isWrong) && 'aria-invalid="true"',
    described && `aria-describedby="${described}"`,
    isFocused && 'autofocus',
  ]
    .filter(Boolean)
    .join(' ')
}
