# demo: a seed and sizes → a simulated genome, contact map and expression course, and their truth
# reads  config["demo"]; its sample sheet
# writes resources/demo/...

DEMO = "resources/demo"

if config["demo"]:

    rule demo_genome:
        """Simulated genome: sequence, annotation, and the domains and loops it folds into."""
        output:
            fasta=f"{DEMO}/genome.fa",
            sizes=f"{DEMO}/chrom.sizes",
            annotation=f"{DEMO}/annotation.gtf",
            compartments=f"{DEMO}/truth/compartments.bed",
            boundaries=f"{DEMO}/truth/boundaries.bed",
            loops=f"{DEMO}/truth/loops.bedpe",
            genes=f"{DEMO}/truth/genes.tsv",
        log:
            f"{RESULTS}/logs/demo_genome/genome.log",
        conda:
            "../../envs/demo.yaml"
        threads: 1
        resources:
            mem_mb=1000,
            runtime=10,
        params:
            seed=config["demo"]["seed"],
            chromosomes=config["demo"]["chromosomes"],
            genes=config["demo"]["genes"],
            code=fingerprint("demo_genome"),
        script:
            "../scripts/demo_genome.py"

    rule demo_contacts:
        """Contact map drawn from the simulated folding, at several resolutions, without weights."""
        input:
            compartments=f"{DEMO}/truth/compartments.bed",
            boundaries=f"{DEMO}/truth/boundaries.bed",
            loops=f"{DEMO}/truth/loops.bedpe",
        output:
            map=f"{DEMO}/hic.mcool",
            bad_bins=f"{DEMO}/truth/bad_bins.bed",
        log:
            f"{RESULTS}/logs/demo_contacts/hic.log",
        conda:
            "../../envs/demo.yaml"
        threads: 1
        resources:
            mem_mb=1500,
            runtime=10,
        params:
            seed=config["demo"]["seed"],
            contacts=config["demo"]["contacts"],
            resolutions=config["demo"]["resolutions"],
            code=fingerprint("demo_contacts"),
        script:
            "../scripts/demo_contacts.py"

    rule demo_expression:
        """Expression course that contacts, distance, a wrong graph or nothing drives."""
        input:
            compartments=f"{DEMO}/truth/compartments.bed",
            boundaries=f"{DEMO}/truth/boundaries.bed",
            loops=f"{DEMO}/truth/loops.bedpe",
            genes=f"{DEMO}/truth/genes.tsv",
            samples=config["demo"]["samples"],
        output:
            table=f"{DEMO}/expression.tsv",
            drivers=f"{DEMO}/truth/drivers.tsv",
            course=f"{DEMO}/truth/course.tsv",
        log:
            f"{RESULTS}/logs/demo_expression/expression.log",
        conda:
            "../../envs/demo.yaml"
        threads: 1
        resources:
            mem_mb=1000,
            runtime=10,
        params:
            seed=config["demo"]["seed"],
            regime=config["demo"]["regime"],
            strength=config["demo"]["strength"],
            noise=config["demo"]["noise"],
            code=fingerprint("demo_expression"),
        script:
            "../scripts/demo_expression.py"
