import * as vscode from 'vscode';
import { createExperiment } from '../../new-experiment/create-experiment.js';
import type { Command } from '../../parts.js';
import { mayTrain } from '../../editor/trust.js';

/**
 * Creates an experiment for a table: the one that the command was called on, or one that the person picks.
 */
export const newExperiment: Command =
  (parts) =>
  async (...args) => {
    if (!mayTrain()) return undefined;
    return createExperiment(parts.program(), args[0] instanceof vscode.Uri ? args[0] : undefined);
  };
