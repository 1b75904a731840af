import { assetPath } from '../assets/assets.ts'

/** Markup of a symbol of public/icons.svg. It decorates words; where there are none, its button is labelled. */
export function icon(name: string, size?: 'small'): string {
  const className = size === 'small' ? 'icon s14' : 'icon'
  return `<svg class="${className}" aria-hidden="true"><use href="${assetPath('icons.svg')}#${name}"/></svg>`
}
