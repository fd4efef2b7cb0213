export const packs = {
  title: 'Packs',
  why: 'All that a trip needs, in a folder or on a stick: signed lists and files. Whoever carries it need not be trusted.',
  folder: 'Folder or stick',
  folderHelp: 'In full, such as /media/stick or E:\\.',
  make: 'Make a pack',
  take: 'Take a pack in',
  'phase-idle': 'Nothing is going on',
  'phase-making': 'Writing the pack',
  'phase-taking': 'Verifying and taking in',
  made: 'The pack is made: {n|# file|# files}, {bytes:bytes}, good until {until:datetime}.',
  taken: 'The pack is taken in: as of {issued:datetime}, {plans|# plan|# plans}, {n|# new file|# new files}.',
  stillMissing: 'Files of {bytes:bytes} were not in it and are still missing.',
} as const
