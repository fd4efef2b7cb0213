import { wireScenarios } from './scenarios.ts'
import { nodePortKind } from './wires.ts'

wireScenarios(nodePortKind, 'MessagePort')
