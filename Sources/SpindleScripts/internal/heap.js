// A heap's figures in the form that V8 gives them; 0 for what this engine does not have.

/** `used`, `total`, `external`: bytes, the last outside the heap; `limit`: how large it may become. */
function heapStatistics(used, total, external, limit) {
    return {
        total_heap_size: total,
        total_heap_size_executable: 0,
        total_physical_size: total,
        total_available_size: limit - used,
        used_heap_size: used,
        heap_size_limit: limit,
        malloced_memory: 0,
        peak_malloced_memory: 0,
        does_zap_garbage: 0,
        number_of_native_contexts: 1,
        number_of_detached_contexts: 0,
        total_global_handles_size: 0,
        used_global_handles_size: 0,
        external_memory: external,
    };
}

module.exports = { heapStatistics };
