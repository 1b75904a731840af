import type { TestProject } from 'vitest/node'
import { type ChromiumLaunch, prepareChromium } from './chromium.ts'

declare module 'vitest' {
  interface ProvidedContext {
    chromium: ChromiumLaunch
  }
}

export default async function setup(project: TestProject): Promise<void> {
  project.provide('chromium', await prepareChromium())
}
