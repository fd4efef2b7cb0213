import type { RunErrors } from '../error-codes.ts'

export const runErrors: RunErrors = {
  'plan.unknown': ['There is no such plan on board[: {plan}].', 'Sync.'],
  'plan.invalid': ['The plan contradicts itself. It cannot be run.', 'Tell the publisher.'],
  'plan.not-yet': ['The plan is not valid yet[; it starts on {notBefore:datetime}].', 'Wait until then.'],
  'plan.expired': [
    'The plan has ended[ on {expires:datetime}].',
    'Sync. If it stays, ask the publisher for a new plan.',
  ],
  'plan.outside-window': [
    'It is outside the hours in which the plan may run[: {from} to {to}, {zone}].',
    'Start it within those hours.',
  ],
  'plan.wrong-site': ['The plan is not for this site[: {site}].', 'Choose the right site, or another plan.'],
  'plan.wrong-type': ['The plan is not for this type of device[: {type}].', 'Choose another plan.'],
  'plan.wrong-serial': [
    'The plan names certain serial numbers, and this device is not among them[: {serial}].',
    'Choose another plan.',
  ],
  'plan.wrong-version': [
    'The plan does not start from the version that runs[: {component} {found}, the plan wants {wanted}].',
    'Choose a plan for this version, or tell the publisher.',
  ],
  'plan.version-unknown': [
    'The device is in its boot loader and cannot say which version it had[: the plan starts from {component} {wanted}].',
    'Start its application, or ask the publisher for a plan that is meant to bring such a device back.',
  ],
  'plan.only-recovery': [
    'The plan only brings back devices of which nothing but the boot loader is left.',
    'Take another plan: the application of this device runs.',
  ],
  'plan.other-claim': [
    'The plate of this device was read for another plan[: {plan}].',
    'Run that plan, or take the word back and read the plate for this one.',
  ],
  'plan.no-claims': [
    'The plan lets nobody say which device a boot loader belongs to.',
    'Ask the publisher for a plan that does. Until then nothing is written here.',
  ],
  'plan.not-needed': ['The device already runs what the plan installs.', 'Nothing to do.'],
  'plan.order': ['Other devices come first[: {first}].', 'Update those first.'],
  'plan.batch-stopped': [
    'The batch was stopped because too many devices failed[: {failures} of at most {limit}].',
    'Look at what failed before you start it again.',
  ],

  'run.unknown': ['There is no such run[: {run}].', 'Look in the list of runs.'],
  'run.device-busy': ['Another run works on this device.', 'Wait until it has ended, or stop it first.'],
  'run.already-active': ['This run is already going.', 'Open it to see how far it is.'],
  'run.not-waiting': ['The run does not wait for an answer now.', 'Look at the run: it may have gone on.'],
  'run.wrong-answer': ['The run asks something else by now.', 'Read the new question, then answer it.'],
  'run.console-battery': [
    'The battery of this laptop is too low[: {battery} %, the plan wants {needed} %].',
    'Plug the charger in, then try again.',
  ],
  'run.took-too-long': [
    'The run took longer than the plan allows[: {limitMs:duration}].',
    'Look at the device and at the connection before you start again.',
  ],
  'run.interrupted': [
    'The console was stopped in the middle of this run.',
    'Slipway asks the device what happened and goes on from there.',
  ],
  'run.not-safe-to-stop': [
    'It cannot stop at this point without risk to the device.',
    'It stops by itself at the next safe point.',
  ],
  'run.override-not-allowed': [
    'The plan does not allow this condition to be overridden.',
    'Make the condition true instead.',
  ],
  'run.not-final': ['The run has not ended yet.', 'Wait until it has.'],
  'run.needs-person': ['A run waits for a person[: {device}].', 'Open the run and answer.'],
  'run.ended-unknown': [
    'It is not known what a device runs[: {device}].',
    'Open the run, look at the device and press Check again.',
  ],

  'depot.not-a-depot': ['There is no depot in that folder[: {path}].', 'Make one with “slipway depot init”.'],
  'depot.exists': ['There is a depot in that folder already[: {path}].', 'Choose another folder.'],
  'depot.unknown-key': ['The depot does not have that key[: {key}].', 'List the keys with “slipway depot keys”.'],
  'depot.missing-keys': [
    'Too few keys are here to sign[ {role}][: {found} of {needed}].',
    'Bring the missing keys, then sign again.',
  ],
  'depot.lint': ['The document would not work on a console[: {path}][ ({why})].', 'Correct it, then publish again.'],
  'depot.not-published': ['It was added, but not published yet[: {path}].', 'Publish the depot.'],
  'depot.duplicate': ['It is there already[: {path}].', 'Use another name or version.'],
  'depot.nothing-to-sign': ['The keys on this machine can sign all there is.', 'Publish the depot.'],
  'depot.ceremony-other': [
    'The file is not about what the depot wants to have signed[: {role}].',
    'Export it again, compare the codes, and sign the new file.',
  ],
  'depot.ceremony-document': [
    'A document in the file is not the one that would be signed[: {path}].',
    'Do not sign. Ask the publisher for a new file, and look how this one came about.',
  ],
  'site.unknown': ['There is no such site on board[: {site}].', 'Sync, or choose another site.'],
  'plan.none-fits': [
    'The device does not run what this site wants, and no plan on board leads there.',
    'Sync. If that brings no plan, ask the publisher for one.',
  ],
}
