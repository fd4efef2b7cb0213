import { wireScenarios } from './scenarios.ts'
import { memoryKind } from './wires.ts'

wireScenarios(memoryKind, 'memory')
