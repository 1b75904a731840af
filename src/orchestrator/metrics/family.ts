export type Labels = Record<string, string>

/** `suffix` follows the name of the family: the parts of a histogram. */
export type Sample = { suffix?: string; labels: Labels; value: number }

export type Family = {
  name: string
  help: string
  type: 'gauge' | 'counter' | 'histogram'
  samples: Sample[]
  /** Whether it is of all dashboards on a database: each would give the same, and a sum would count it twice. */
  isShared?: true
}

const prefix = 'configurable_agents_'

export const gauge = (name: string, help: string, samples: Sample[]): Family => ({
  ...{ name: prefix + name, help, samples },
  type: 'gauge',
})

/** Given by the dashboard alone that leads. */
export const sharedGauge = (name: string, help: string, samples: Sample[]): Family => ({
  ...gauge(name, help, samples),
  isShared: true,
})

export const counter = (name: string, help: string, samples: Sample[]): Family => ({
  ...{ name: prefix + name, help, samples },
  type: 'counter',
})

export const histogram = (name: string, help: string, samples: Sample[]): Family => ({
  ...{ name: prefix + name, help, samples },
  type: 'histogram',
})

export const one = (value: number, labels: Labels = {}): Sample[] => [{ labels, value }]
