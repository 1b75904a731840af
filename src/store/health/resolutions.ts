import { daySeconds, hourSeconds } from '../../shared/time/durations.ts'
import type { Resolution } from '../ports/health.ts'

export const resolutions: Record<Resolution, { seconds: number; keptSeconds: number }> = {
  minute: { seconds: 60, keptSeconds: daySeconds },
  hour: { seconds: hourSeconds, keptSeconds: 30 * daySeconds },
  day: { seconds: daySeconds, keptSeconds: 365 * daySeconds },
}
