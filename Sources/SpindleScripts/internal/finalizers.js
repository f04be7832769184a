// FinalizationRegistry as the engine has it. Who takes it may have the engine call the program at any time, even after its end.

binding('tasks').noteFinalizers();

module.exports = { FinalizationRegistry: primordials.FinalizationRegistry };
