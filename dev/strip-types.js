// Erases types in place, so that lines, columns and coverage stay exact. Node >= 22.18 does it itself.
import { register } from 'node:module';

if (!process.features.typescript) register('./strip-types-hook.js', import.meta.url);
