import type { Alert } from '../../../shared/contract/alerts.ts'
import type { Session } from '../../../shared/contract/app.ts'
import type { KnownOperator } from '../../../shared/contract/people.ts'
import type { EnrolmentRequest } from '../../../shared/model/enrolment.ts'
import { table } from '../table.ts'
import type { ViewOptions, Views } from './types.ts'
import { reason, when } from './words.ts'

export const peopleViews: Views = {
  'people.list': (operators: readonly KnownOperator[], options: ViewOptions) =>
    table(
      ['operator', 'name', 'roles', 'until', 'last signed in'],
      operators.map((operator) => [
        operator.id,
        operator.name,
        operator.enrolled ? operator.roles.join(', ') : 'not enrolled yet',
        when(operator.leaseUntil, options),
        when(operator.lastSignIn, options),
      ]),
    ) || 'Nobody yet: slipway people enrol NAME',
  // The file that the publisher wants, so that `> request.json` makes it.
  'people.enrol': request,
  'people.request': request,
  'people.signIn': (signedIn: Session, options: ViewOptions) => `Signed in: ${session(signedIn, options)}`,
  'alerts.list': (alerts: readonly Alert[], options: ViewOptions) =>
    table(
      ['alert', 'level', 'since', 'about', 'state', 'what'],
      alerts.map((alert) => [
        alert.id,
        alert.level.toUpperCase(),
        when(alert.raisedAt, options),
        alert.subject,
        `${alert.active ? 'active' : 'over'}${alert.acknowledgedBy ? `, seen by ${alert.acknowledgedBy}` : ''}`,
        reason(alert.reason, options),
      ]),
    ) || 'No alerts.',
}

function request(enrolment: EnrolmentRequest): string {
  return JSON.stringify(enrolment, null, 2)
}

export function session(signedIn: Session, options: ViewOptions): string {
  const roles = signedIn.enrolled ? signedIn.roles.join(', ') : 'not enrolled yet'
  const lease = signedIn.leaseEnded
    ? ', lease ended'
    : signedIn.leaseUntil
      ? `, until ${when(signedIn.leaseUntil, options)}`
      : ''
  return `${signedIn.name} (${signedIn.operator}): ${roles}${lease}`
}
