'use strict';

// A module of tasks that ends its worker when it is loaded.
process.exit(3);
