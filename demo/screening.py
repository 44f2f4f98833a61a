"""Answers at screening, for those whom STRONG-BACK admits and for those it does not."""

from typing import Any

ELIGIBLE: dict[str, Any] = {
    "lbp_nonspecific": True,
    "lbp_months": 18,
    "lbp_half_days": True,
    "age": 41,
    "language": "both",
    "pddm": {
        "nociceptive": "A",
        "nervous_system": "none",
        "comorbidity": "none",
        "cognitive_emotional": "none",
        "contextual": "A",
        "rated_by": "Dr. Helen Park",
    },
    "spinal_surgery": False,
    "vertebral_fracture": False,
    "radiculopathy": False,
    "spondylolysis": False,
    "spondylolisthesis": False,
    "scoliosis_degrees": 0,
    "other_structural": False,
    "health_condition": False,
    "mri_pregnancy": False,
    "mri_pacemaker": False,
    "mri_aneurysm_clip": False,
    "mri_prosthesis": False,
    "mri_valve": False,
    "mri_metal_eye": False,
    "mri_metal_body": False,
    "mri_tattoo": False,
    "mri_piercing": False,
    "mri_braces": False,
    "mri_claustrophobia": False,
    "mri_cleared": True,
}

NOT_ELIGIBLE: tuple[dict[str, Any], ...] = (
    {"radiculopathy": True},
    {"spinal_surgery": True},
    {"lbp_months": 2},
)

AFTER_MRI: dict[str, Any] = {
    name: ELIGIBLE[name] for name in ("spondylolysis", "spondylolisthesis", "scoliosis_degrees", "other_structural")
} | {"mri_finding": False}

AT_RANDOMIZATION: dict[str, Any] = {
    name: ELIGIBLE[name] for name in ("spinal_surgery", "vertebral_fracture", "radiculopathy", "health_condition")
} | {"mri_finding": False}
