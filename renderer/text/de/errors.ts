import type { AllErrors } from '../error-codes.ts'
import { consoleErrors } from './errors-console.ts'
import { deviceErrors } from './errors-device.ts'
import { peopleErrors } from './errors-people.ts'
import { runErrors } from './errors-run.ts'
import { trustErrors } from './errors-trust.ts'

export const errors: AllErrors = { ...consoleErrors, ...trustErrors, ...peopleErrors, ...deviceErrors, ...runErrors }
