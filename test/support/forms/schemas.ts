export const text = { type: 'string' }

/** All properties are required, unless said otherwise. */
export const object = (properties: object, required: string[] = Object.keys(properties), more: object = {}) => ({
  type: 'object',
  properties,
  required,
  ...more,
})
