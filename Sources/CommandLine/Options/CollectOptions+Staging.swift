extension CollectOptions {
    /// The same as options of `stage`.
    package var staging: StageOptions {
        var options = StageOptions()
        options.command = Self.table.description.name
        options.paths = [source, destination]
        options.collect = CollectTerms(source: source)
        options.filters = filters
        options.filesFrom = filesFrom
        options.preserve = preserve
        options.force = force
        options.verify = verify
        options.keepGoing = keepGoing
        options.dryRun = dryRun
        options.sources = sources
        options.fsync = fsync
        options.then = then
        options.thenTimeout = thenTimeout
        options.limitRate = limitRate
        options.memory = memory
        options.workers = workers
        options.wait = wait
        options.timeout = timeout
        options.progress = progress
        options.optionsFile = optionsFile
        options.quiet = quiet
        options.verbose = verbose
        options.json = json
        options.report = report
        options.metrics = metrics
        options.log = log
        return options
    }
}
