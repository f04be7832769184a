// The tasks that wait for a worker: the highest priority first, and of one priority the one that came first.
//
// Each level is a list that runs through the tasks themselves, so that one which is aborted leaves at once and is not held.

const { ArrayPrototypeSplice, SafeMap } = primordials;

class Level {
    first = null;
    last = null;
}

class TaskQueue {
    #levels = new SafeMap();
    /** The priorities that have a level, highest first. */
    #priorities = [];
    size = 0;

    get first() { return this.size === 0 ? null : this.#levels.get(this.#priorities[0]).first; }

    append(task) {
        const level = this.#level(task.priority);
        task.previous = level.last;
        if (level.last === null) level.first = task;
        else level.last.next = task;
        level.last = task;
        this.#added(task);
    }

    /** Puts a task back that was taken out too early. */
    prepend(task) {
        const level = this.#level(task.priority);
        task.next = level.first;
        if (level.first === null) level.last = task;
        else level.first.previous = task;
        level.first = task;
        this.#added(task);
    }

    remove(task) {
        const level = this.#levels.get(task.priority);
        if (task.previous === null) level.first = task.next;
        else task.previous.next = task.next;
        if (task.next === null) level.last = task.previous;
        else task.next.previous = task.previous;
        task.previous = null;
        task.next = null;
        task.isQueued = false;
        this.size--;
        if (level.first === null) this.#drop(task.priority);
    }

    #added(task) {
        task.isQueued = true;
        this.size++;
    }

    #level(priority) {
        const known = this.#levels.get(priority);
        if (known !== undefined) return known;
        const level = new Level();
        this.#levels.set(priority, level);
        let at = 0;
        while (at < this.#priorities.length && this.#priorities[at] > priority) at++;
        ArrayPrototypeSplice(this.#priorities, at, 0, priority);
        return level;
    }

    #drop(priority) {
        this.#levels.delete(priority);
        for (let i = 0; i < this.#priorities.length; i++) {
            if (this.#priorities[i] === priority) return ArrayPrototypeSplice(this.#priorities, i, 1);
        }
    }
}

module.exports = { TaskQueue };
