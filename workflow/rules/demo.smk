# demo: a seed and sizes → a simulated genome, contact maps, an expression time course, the expression of
#       two tissues, small weights of Beluga, and their truth
# reads  config["demo"]; its sample sheet
# writes resources/demo/...
#
# The sequence half has genes, a map and streams of random numbers of its own: the temporal half does
# not depend on them.

DEMO = "resources/demo"

if config["demo"]:

    rule demo_genome:
        """Simulated genome: sequence, annotation, motifs, and what it folds into in two ways."""
        output:
            fasta=f"{DEMO}/genome.fa",
            sizes=f"{DEMO}/chrom.sizes",
            annotation=f"{DEMO}/annotation.gtf",
            compartments=f"{DEMO}/truth/compartments.bed",
            boundaries=f"{DEMO}/truth/boundaries.bed",
            loops=f"{DEMO}/truth/loops.bedpe",
            other_compartments=f"{DEMO}/truth/other_compartments.bed",
            other_boundaries=f"{DEMO}/truth/other_boundaries.bed",
            other_loops=f"{DEMO}/truth/other_loops.bedpe",
            places=f"{DEMO}/truth/places.bed",
            motifs=f"{DEMO}/truth/motifs.bed",
            genes=f"{DEMO}/truth/genes.tsv",
            all_genes=f"{DEMO}/truth/all_genes.tsv",
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
            sequence_genes=config["demo"]["sequence_genes"],
            code=fingerprint("demo/demo_genome"),
        script:
            "../scripts/demo/demo_genome.py"

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
            stream=2,
            code=fingerprint("demo/demo_contacts"),
        script:
            "../scripts/demo/demo_contacts.py"

    use rule demo_contacts as demo_other_contacts with:
        input:
            compartments=f"{DEMO}/truth/other_compartments.bed",
            boundaries=f"{DEMO}/truth/other_boundaries.bed",
            loops=f"{DEMO}/truth/other_loops.bedpe",
        output:
            map=f"{DEMO}/other.mcool",
            bad_bins=f"{DEMO}/truth/other_bad_bins.bed",
        log:
            f"{RESULTS}/logs/demo_other_contacts/other.log",
        params:
            seed=config["demo"]["seed"],
            contacts=config["demo"]["contacts"],
            resolutions=config["demo"]["resolutions"],
            stream=6,
            code=fingerprint("demo/demo_contacts"),

    rule demo_expression:
        """Expression time course that contacts, distance, a wrong graph or nothing drives."""
        input:
            compartments=f"{DEMO}/truth/compartments.bed",
            boundaries=f"{DEMO}/truth/boundaries.bed",
            loops=f"{DEMO}/truth/loops.bedpe",
            genes=f"{DEMO}/truth/genes.tsv",
            samples=config["demo"]["samples"],
        output:
            table=f"{DEMO}/expression.tsv",
            drivers=f"{DEMO}/truth/drivers.tsv",
            time_course=f"{DEMO}/truth/course.tsv",
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
            together=config["demo"]["together"],
            noise=config["demo"]["noise"],
            code=fingerprint("demo/demo_expression"),
        script:
            "../scripts/demo/demo_expression.py"

    rule demo_gene_sets:
        """Gene sets: genes that will rise or fall, or are told from afar; places; chance."""
        input:
            time_course=f"{DEMO}/truth/course.tsv",
            genes=f"{DEMO}/truth/all_genes.tsv",
            tissues=f"{DEMO}/truth/tissues.tsv",
        output:
            sets=f"{DEMO}/sets.gmt",
        log:
            f"{RESULTS}/logs/demo_gene_sets/sets.log",
        conda:
            "../../envs/demo.yaml"
        threads: 1
        resources:
            mem_mb=1000,
            runtime=10,
        params:
            seed=config["demo"]["seed"],
            code=fingerprint("demo/demo_gene_sets"),
        script:
            "../scripts/demo/demo_gene_sets.py"

    rule demo_beluga:
        """Small weights in Beluga's layout, whose outputs are known motifs."""
        output:
            weights=f"{DEMO}/beluga.pth",
        log:
            f"{RESULTS}/logs/demo_beluga/beluga.log",
        conda:
            "../../envs/demo.yaml"
        threads: 1
        resources:
            mem_mb=1000,
            runtime=10,
        params:
            code=fingerprint("demo/demo_beluga"),
        script:
            "../scripts/demo/demo_beluga.py"

    rule demo_tissues:
        """Expression of two tissues: motifs near each TSS, and those that touch it in either."""
        input:
            genes=f"{DEMO}/truth/all_genes.tsv",
            motifs=f"{DEMO}/truth/motifs.bed",
            compartments=f"{DEMO}/truth/compartments.bed",
            boundaries=f"{DEMO}/truth/boundaries.bed",
            loops=f"{DEMO}/truth/loops.bedpe",
            other_compartments=f"{DEMO}/truth/other_compartments.bed",
            other_boundaries=f"{DEMO}/truth/other_boundaries.bed",
            other_loops=f"{DEMO}/truth/other_loops.bedpe",
        output:
            table=f"{DEMO}/tissues.tsv",
            truth=f"{DEMO}/truth/tissues.tsv",
        log:
            f"{RESULTS}/logs/demo_tissues/tissues.log",
        conda:
            "../../envs/demo.yaml"
        threads: 1
        resources:
            mem_mb=1000,
            runtime=10,
        params:
            seed=config["demo"]["seed"],
            distal=config["demo"]["distal"],
            code=fingerprint("demo/demo_tissues"),
        script:
            "../scripts/demo/demo_tissues.py"
